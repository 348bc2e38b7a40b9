"""`wijkwerk demo`: a working system with made-up people, and a story that shows what it does."""
