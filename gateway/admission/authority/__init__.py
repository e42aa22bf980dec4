"""Authority of a mail about a case: tokens, binding, sign-in codes, brakes."""
