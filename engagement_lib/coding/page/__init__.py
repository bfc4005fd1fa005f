"""The coding page: a transcript in the notebook, read and coded with the keyboard or the mouse."""
