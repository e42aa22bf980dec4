"""Answers about the rules: values, sentences, corrected choices, undertakings."""
