"""The programs of docs/frontend.md, as a front-end developer runs them."""
