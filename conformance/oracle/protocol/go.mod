module fluxcd-rs/oracle/protocol

go 1.26.0
