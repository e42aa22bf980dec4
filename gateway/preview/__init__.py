"""What people look at before and after the mail: previews of letters, checks of templates, the report."""
