"""The demo school: an invented secondary school to try everything on."""
