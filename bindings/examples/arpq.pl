#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
# arpq.pl KNOWN NEIGHBOUR UNKNOWN - libarpq from Perl, with FFI::Platypus: look up an IP address,
# list the table, read events, ask a mirror, resolve a neighbour, and what a failure looks like.
# arpq.pl --time KNOWN - nanoseconds of a lookup, in the best of 100 batches of 1000
use strict;
use warnings;
use FFI::Platypus 1.00;
use FFI::Platypus::Buffer qw(scalar_to_pointer);
use FFI::Platypus::Memory qw(memcpy);
use Time::HiRes qw(time);

my $ABI = 0;
my ($NAMES_STATE, $NAMES_EVENT) = (1, 3);
my $STATE_PERMANENT = 0x80;
my ($WATCH_EXISTING, $MIRROR_THREAD) = (1, 1);
my $EVENT_SYNCED = 7;

# Structs are strings of these sizes, with members at these offsets: see arpq-abi.json.
my %size = (
    arpq_ip => 24, arpq_mac => 36, arpq_neigh => 128, arpq_event => 736,
    arpq_watch_options => 176,
);
$size{arpq_mirror_options} = 16 + 2 * length(pack 'J', 0) + 32;
my ($NEIGH_MAC, $NEIGH_STATE) = (24, 64);
my $EVENT_NEIGH = 16;

my $ffi = FFI::Platypus->new(api => 1, lib => $ENV{ARPQ_LIBRARY} // 'libarpq.so.0');
$ffi->attach(arpq_abi => [] => 'uint32');
$ffi->attach(arpq_sizeof => ['string'] => 'size_t');

# Before any struct is passed: the library must have been compiled with the same ones.
if (arpq_abi() != $ABI) {
    warn 'the library has ABI ', arpq_abi(), ", this program was written for ABI $ABI\n";
    exit 1;
}
for my $name (sort keys %size) {
    die "struct $name has another size in the library\n" if arpq_sizeof($name) != $size{$name};
}

$ffi->attach(arpq_strerror => ['int'] => 'string');
$ffi->attach(arpq_name => ['uint32', 'uint32'] => 'string');
$ffi->attach(arpq_open => ['opaque*', 'opaque'] => 'int');
$ffi->attach(arpq_close => ['opaque'] => 'void');
$ffi->attach(arpq_ip_parse => ['string', 'opaque', 'uint32'] => 'int');
$ffi->attach(arpq_ip_format => ['opaque', 'opaque', 'size_t'] => 'string');
$ffi->attach(arpq_mac_format => ['opaque', 'uint32', 'opaque', 'size_t'] => 'string');
$ffi->attach(arpq_lookup => ['opaque', 'opaque', 'uint32', 'uint32', 'opaque'] => 'int');
$ffi->attach(arpq_table_get => ['opaque', 'opaque', 'opaque*'] => 'int');
$ffi->attach(arpq_table_count => ['opaque'] => 'uint32');
$ffi->attach(arpq_table_at => ['opaque', 'uint32'] => 'opaque');
$ffi->attach(arpq_table_free => ['opaque'] => 'void');
$ffi->attach(arpq_watch_open => ['opaque', 'opaque*', 'opaque'] => 'int');
$ffi->attach(arpq_watch_next => ['opaque', 'opaque', 'sint32'] => 'int');
$ffi->attach(arpq_watch_close => ['opaque'] => 'void');
$ffi->attach(arpq_mirror_open => ['opaque', 'opaque*', 'opaque'] => 'int');
$ffi->attach(arpq_mirror_lookup => ['opaque', 'opaque', 'uint32', 'opaque'] => 'int');
$ffi->attach(arpq_mirror_close => ['opaque'] => 'void');
$ffi->attach(arpq_resolve => ['opaque', 'opaque', 'uint32', 'uint32', 'sint32', 'opaque'] => 'int');

sub check {
    my ($code, $subject) = @_;
    die "$subject: ", arpq_strerror($code), "\n" if $code < 0;
    return $code;
}

# A struct of zeros.
sub zeroed { return "\0" x $size{ $_[0] } }

# Structs are passed by the address of the string, so each has to be a variable that lives on.
sub address { return scalar_to_pointer($_[0]) }

sub to_ip {
    my ($text) = @_;
    die "an IP address must be a string\n" if !defined $text || ref $text;
    my $ip = zeroed('arpq_ip');
    check(arpq_ip_parse($text, address($ip), 0), $text);
    return $ip;
}

sub ip_text {
    my ($ip) = @_;
    my $text = "\0" x 96;
    return arpq_ip_format(address($ip), address($text), 96);
}

sub mac_text {
    my ($mac) = @_;
    my $text = "\0" x 96;
    return arpq_mac_format(address($mac), 0, address($text), 96);
}

# The members of an entry.
sub parts {
    my ($neigh) = @_;
    return (
        ip_text(substr $neigh, 0, $size{arpq_ip}),
        mac_text(substr $neigh, $NEIGH_MAC, $size{arpq_mac}),
        unpack 'L', substr($neigh, $NEIGH_STATE, 4),
    );
}

sub opened {
    check(arpq_open(\my $h, undef), 'open');
    return bless { pointer => $h }, 'Handle';
}

sub Handle::pointer { return $_[0]{pointer} // die "the handle is closed: open another one\n" }

sub Handle::close {
    my ($self) = @_;
    main::arpq_close(delete $self->{pointer}) if defined $self->{pointer};
    return;
}

sub Handle::DESTROY { return $_[0]->close }

sub Handle::lookup {
    my ($self, $text) = @_;
    my $ip = main::to_ip($text);
    my $mac = main::zeroed('arpq_mac');
    my $code = main::arpq_lookup($self->pointer, main::address($ip), 0, 0, main::address($mac));
    main::check($code, $text);
    return main::mac_text($mac);
}

sub show { return print join("\t", @_), "\n" }

if (@ARGV == 2 && $ARGV[0] eq '--time') {
    my ($handle, $best) = (opened(), 'inf');
    for (1 .. 100) {
        my $start = time;
        $handle->lookup($ARGV[1]) for 1 .. 1000;
        $best = time - $start if time - $start < $best;
    }
    printf "%d\n", $best * 1e6;
    exit;
}

my ($known, $neighbour, $unknown) = @ARGV;
$known //= '192.0.2.9';
$neighbour //= '192.0.2.2';
$unknown //= '192.0.2.77';
my $handle = opened();
show('lookup', $known, $handle->lookup($known));

check(arpq_table_get($handle->pointer, undef, \my $list), 'table');
for my $n (1 .. arpq_table_count($list)) {
    my $neigh = zeroed('arpq_neigh');
    memcpy(address($neigh), arpq_table_at($list, $n - 1), $size{arpq_neigh});
    my ($ip, $mac, $state) = parts($neigh);
    show('list', $ip, $mac, arpq_name($NAMES_STATE, $state)) if $state == $STATE_PERMANENT;
}
arpq_table_free($list);

my $options = zeroed('arpq_watch_options');
substr($options, 0, 8) = pack 'LL', length $options, $WATCH_EXISTING;
check(arpq_watch_open($handle->pointer, \my $watch, address($options)), 'watch');
my $event = zeroed('arpq_event');
my $type = 0;
while ($type != $EVENT_SYNCED) {
    check(arpq_watch_next($watch, address($event), 5000), 'watch') or die "no event within 5 s\n";
    $type = unpack 'L', $event;
    my ($ip, undef, $state) = parts(substr $event, $EVENT_NEIGH, $size{arpq_neigh});
    next if $type != $EVENT_SYNCED && $state != $STATE_PERMANENT;
    show('event', arpq_name($NAMES_EVENT, $type), $ip);
}
arpq_watch_close($watch);

$options = zeroed('arpq_mirror_options');
substr($options, 0, 8) = pack 'LL', length $options, $MIRROR_THREAD;
check(arpq_mirror_open($handle->pointer, \my $mirror, address($options)), 'mirror');
my $ip = to_ip($known);
my $mac = zeroed('arpq_mac');
check(arpq_mirror_lookup($mirror, address($ip), 0, address($mac)), $known);
show('mirror', $known, mac_text($mac));
arpq_mirror_close($mirror);

$ip = to_ip($neighbour);
my $neigh = zeroed('arpq_neigh');
check(arpq_resolve($handle->pointer, address($ip), 0, 0, 3000, address($neigh)), $neighbour);
show('resolve', $neighbour, (parts($neigh))[1]);

for my $wrong ($unknown, '192.0.2', undef) {
    eval { $handle->lookup($wrong); 1 } or print "error\t$@";
}
$handle->close;
eval { $handle->lookup($known); 1 } or print "error\t$@";
