"""Letters and reports that people read: HTML and PDF/UA, spreadsheets, charts with their table."""
