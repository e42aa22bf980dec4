"""Mail from the staff: permitted content, quotations, and lines of their signatures."""
