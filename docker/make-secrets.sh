#!/bin/sh
# Makes the secrets that docker/compose.yml hands to the containers, once: one that is there stays as it is.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

random() {
  head -c 24 /dev/urandom | base64 | tr '+/' '-_'
}

# The folder is its owner's alone. The files in it are for the users of the containers too, who are others on this machine.
keep() {
  if [ ! -s "secrets/$1" ]; then
    printf '%s\n' "$2" > "secrets/$1.new"
    chmod 0644 "secrets/$1.new"
    mv "secrets/$1.new" "secrets/$1"
  fi
}

keep postgres_password "$(random)"
keep database_url "postgres://helpdesk:$(cat secrets/postgres_password)@postgres:5432/helpdesk"
keep rabbitmq_password "$(random)"
keep rabbitmq_url "amqp://helpdesk:$(cat secrets/rabbitmq_password)@rabbitmq:5672"
keep rabbitmq_management_url "http://helpdesk:$(cat secrets/rabbitmq_password)@rabbitmq:15672"
keep rabbitmq.conf "default_user = helpdesk
default_pass = $(cat secrets/rabbitmq_password)"
keep key_pepper "$(random)"
