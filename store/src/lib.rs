//! The system of record: SQLite, change log, ledger
