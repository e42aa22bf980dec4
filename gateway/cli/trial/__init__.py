"""Commands for trials that change no desk: demo, explain, reply, eligibility, calendar."""
