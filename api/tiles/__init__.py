"""Vector tiles of what an audience may see, a style that draws them, and archives of them."""
