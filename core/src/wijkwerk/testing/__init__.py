"""What tests get, ours and those of plugin authors: `pytest_plugins = ["wijkwerk.testing.fixtures"]` in the outermost conftest.py."""
