"""Questions and answers for everybody: staff write them in each language, strangers read what is published."""
