"""From settings to a running gateway: wiring, components, service, health, doctor, installation."""
