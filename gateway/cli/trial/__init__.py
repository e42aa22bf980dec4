"""Commands that try something out and change no desk: demo, explain, reply, eligibility, calendar."""
