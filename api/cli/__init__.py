"""The command ``lakana``: one module for each group of commands."""
