//! Drives the real executable against loopback servers.

mod architecture;
mod canaries;
mod cli;
mod closing;
mod consent;
mod crash;
mod damage;
mod demo;
mod faults;
mod following;
mod foreign;
mod frontier;
mod full_disk;
mod house;
mod leaving;
mod mail;
mod meaning;
mod names;
mod notes;
mod promises;
mod proofs;
mod real_input;
mod real_servers;
mod serve;
mod support;
mod unchanged;
