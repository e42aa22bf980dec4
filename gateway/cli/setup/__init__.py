"""Commands that set up a gateway: init, dns, doctor, config, templates, preview."""
