"""A made-up neighbourhood, to try things with: nobody in it exists."""
