#!/bin/sh
# Lists certificates that expire within some days.
days=${1:-14}
for file in /certificates/*.crt; do
  openssl x509 -checkend "$((days * 86400))" -noout -in "${file}" || echo "${file##*/} expires soon"
done
