"""What each command does: a few lines around one library function."""
