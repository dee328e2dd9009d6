"""The one writer: from captures to rows, in transactions. `archive.store.archive` is its door."""
