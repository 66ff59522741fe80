//! Drives the real executable against loopback servers.
