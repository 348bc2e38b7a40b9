"""Finding a resident by name, birth date, address or BSN, under the same predicate as every list."""
