"""The checks of domain.md 3.7 as ready reports: a module for each, named for what it looks at; `lijst` has all of them."""
