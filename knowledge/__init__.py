"""What a question means and which entries answer it: languages, the sentence encoder, the index and search."""
