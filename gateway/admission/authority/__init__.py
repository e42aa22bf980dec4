"""Who may say what about a case, once: binding, repeats."""
