"""Who may say what about a case, once: tokens, binding."""
