"""The command ``lakana``: one module a group of commands."""
