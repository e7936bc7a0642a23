// SPDX-License-Identifier: MIT

// arpq KNOWN NEIGHBOUR UNKNOWN - libarpq from Go, with cgo: look up an IP address, list the table,
// read events, ask a mirror, resolve a neighbour, and what a failure looks like.
// arpq --time KNOWN - nanoseconds of a lookup, in the best of 100 batches of 1000
package main

// #cgo LDFLAGS: -larpq
// #include <arpq.h>
// #include <stdlib.h>
import "C"

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// Error is an errno value with what it was about.
type Error struct {
	Errno   syscall.Errno
	Subject string
}

func (e *Error) Error() string {
	return e.Subject + ": " + C.GoString(C.arpq_strerror(C.int(e.Errno)))
}

func (e *Error) Unwrap() error { return e.Errno }

var errClosed = errors.New("the handle is closed: open another one")

func check(code C.int, subject string) error {
	if code >= 0 {
		return nil
	}
	return &Error{syscall.Errno(-code), subject}
}

// checkABI refuses a library that was compiled with other structs than this program.
func checkABI() error {
	if abi := C.arpq_abi(); abi != C.ARPQ_ABI {
		return fmt.Errorf("the library has ABI %d, this program was compiled for ABI %d", abi, C.ARPQ_ABI)
	}
	sizes := map[string]uintptr{
		"arpq_ip":             unsafe.Sizeof(C.struct_arpq_ip{}),
		"arpq_mac":            unsafe.Sizeof(C.struct_arpq_mac{}),
		"arpq_neigh":          unsafe.Sizeof(C.struct_arpq_neigh{}),
		"arpq_event":          unsafe.Sizeof(C.struct_arpq_event{}),
		"arpq_watch_options":  unsafe.Sizeof(C.struct_arpq_watch_options{}),
		"arpq_mirror_options": unsafe.Sizeof(C.struct_arpq_mirror_options{}),
	}
	for name, size := range sizes {
		text := C.CString(name)
		found := uintptr(C.arpq_sizeof(text))
		C.free(unsafe.Pointer(text))
		if found != size {
			return fmt.Errorf("struct %s has %d bytes in the library, %d here", name, found, size)
		}
	}
	return nil
}

func parseIP(text string) (ip C.struct_arpq_ip, err error) {
	if strings.ContainsRune(text, 0) {
		return ip, &Error{syscall.EINVAL, text}
	}
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	return ip, check(C.arpq_ip_parse(c, &ip, 0), text)
}

func ipText(ip *C.struct_arpq_ip) string {
	var text [C.ARPQ_IP_STRLEN]C.char
	return C.GoString(C.arpq_ip_format(ip, &text[0], C.size_t(len(text))))
}

func macText(mac *C.struct_arpq_mac) string {
	var text [C.ARPQ_MAC_STRLEN]C.char
	return C.GoString(C.arpq_mac_format(mac, C.ARPQ_MAC_COLON, &text[0], C.size_t(len(text))))
}

func name(set, value C.uint32_t) string { return C.GoString(C.arpq_name(set, value)) }

// Handle asks the kernel. Any number of goroutines may use it; none while it is closed.
type Handle struct{ h *C.struct_arpq_handle }

// Open makes a handle of the network namespace of the calling thread.
func Open() (*Handle, error) {
	if err := checkABI(); err != nil {
		return nil, err
	}
	handle := &Handle{}
	return handle, check(C.arpq_open(&handle.h, nil), "open")
}

// Close releases the handle; closing twice is allowed.
func (handle *Handle) Close() {
	C.arpq_close(handle.h)
	handle.h = nil
}

// Lookup is the link-layer address of an IP address.
func (handle *Handle) Lookup(text string) (string, error) {
	if handle.h == nil {
		return "", errClosed
	}
	ip, err := parseIP(text)
	if err != nil {
		return "", err
	}
	var mac C.struct_arpq_mac
	err = check(C.arpq_lookup(handle.h, &ip, 0, 0, &mac), text)
	return macText(&mac), err
}

func list(handle *Handle) error {
	var table *C.struct_arpq_table
	if err := check(C.arpq_table_get(handle.h, nil, &table), "table"); err != nil {
		return err
	}
	defer C.arpq_table_free(table)
	for n := C.uint32_t(0); n < C.arpq_table_count(table); n++ {
		neigh := C.arpq_table_at(table, n)
		if neigh.state == C.ARPQ_STATE_PERMANENT {
			fmt.Printf("list\t%s\t%s\t%s\n", ipText(&neigh.ip), macText(&neigh.mac),
				name(C.ARPQ_NAMES_STATE, neigh.state))
		}
	}
	return nil
}

func events(handle *Handle) error {
	options := C.struct_arpq_watch_options{flags: C.ARPQ_WATCH_EXISTING}
	options.size = C.uint32_t(unsafe.Sizeof(options))
	var watch *C.struct_arpq_watch
	if err := check(C.arpq_watch_open(handle.h, &watch, &options), "watch"); err != nil {
		return err
	}
	defer C.arpq_watch_close(watch)
	var event C.struct_arpq_event
	for event._type != C.ARPQ_EVENT_SYNCED {
		code := C.arpq_watch_next(watch, &event, 5000)
		if err := check(code, "watch"); err != nil {
			return err
		}
		if code == 0 {
			return errors.New("no event within 5 s")
		}
		if event._type == C.ARPQ_EVENT_SYNCED || event.neigh.state == C.ARPQ_STATE_PERMANENT {
			fmt.Printf("event\t%s\t%s\n", name(C.ARPQ_NAMES_EVENT, event._type), ipText(&event.neigh.ip))
		}
	}
	return nil
}

func mirror(handle *Handle, text string) error {
	options := C.struct_arpq_mirror_options{flags: C.ARPQ_MIRROR_THREAD}
	options.size = C.uint32_t(unsafe.Sizeof(options))
	var mirror *C.struct_arpq_mirror
	if err := check(C.arpq_mirror_open(handle.h, &mirror, &options), "mirror"); err != nil {
		return err
	}
	defer C.arpq_mirror_close(mirror)
	ip, err := parseIP(text)
	if err != nil {
		return err
	}
	var mac C.struct_arpq_mac
	err = check(C.arpq_mirror_lookup(mirror, &ip, 0, &mac), text)
	if err == nil {
		fmt.Printf("mirror\t%s\t%s\n", text, macText(&mac))
	}
	return err
}

func resolve(handle *Handle, text string) error {
	ip, err := parseIP(text)
	if err != nil {
		return err
	}
	var neigh C.struct_arpq_neigh
	err = check(C.arpq_resolve(handle.h, &ip, 0, 0, 3000, &neigh), text)
	if err == nil {
		fmt.Printf("resolve\t%s\t%s\n", text, macText(&neigh.mac))
	}
	return err
}

// measure prints the nanoseconds of a lookup.
func measure(text string) error {
	const count = 1000
	handle, err := Open()
	if err != nil {
		return err
	}
	defer handle.Close()
	best := time.Hour
	for batch := 0; batch < 100; batch++ {
		start := time.Now()
		for n := 0; n < count; n++ {
			if _, err := handle.Lookup(text); err != nil {
				return err
			}
		}
		if took := time.Since(start); took < best {
			best = took
		}
	}
	fmt.Println(best.Nanoseconds() / count)
	return nil
}

func run(known, neighbour, unknown string) error {
	handle, err := Open()
	if err != nil {
		return err
	}
	defer handle.Close()
	mac, err := handle.Lookup(known)
	if err != nil {
		return err
	}
	fmt.Printf("lookup\t%s\t%s\n", known, mac)
	for _, step := range []func() error{
		func() error { return list(handle) },
		func() error { return events(handle) },
		func() error { return mirror(handle, known) },
		func() error { return resolve(handle, neighbour) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, wrong := range []string{unknown, "192.0.2"} {
		_, err := handle.Lookup(wrong)
		fmt.Printf("error\t%v\n", err)
	}
	handle.Close()
	_, err = handle.Lookup(known)
	fmt.Printf("error\t%v\n", err)
	return nil
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "--time" {
		if err := measure(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	arguments := []string{"192.0.2.9", "192.0.2.2", "192.0.2.77"}
	copy(arguments, os.Args[1:])
	if err := run(arguments[0], arguments[1], arguments[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
