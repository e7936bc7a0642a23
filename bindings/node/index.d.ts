// SPDX-License-Identifier: MIT
// Types of the package arpq. Times end in their unit: Ms, Us, Ns, S. An address that is not known is
// null; a value without a name is its number, a flag without a name is "0x...".
import { Socket } from 'net';

/** A call of the library failed. */
export class ArpqError extends Error {
  /** The name of the error, such as "ENOENT". */
  readonly code: string;
  /** The negative errno value, as in the errors of Node. */
  readonly errno: number;
  /** The function of the library. */
  readonly syscall: string;
  /** The words of the kernel about the failure, or "". */
  readonly detail: string;
  /** With ping(): who said that the address cannot be reached. */
  readonly reply?: PingReply;
}

/** An interface: its name, alternative name or ifindex. */
export type Interface = string | number;

export type State =
  | 'NONE' | 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'NOARP' | 'PERMANENT';
export type Origin = 'TABLE' | 'GATEWAY' | 'LOCAL' | 'MULTICAST' | 'BROADCAST';

/** A neighbour entry. */
export interface Neigh {
  readonly ip: string;
  readonly mac: string | null;
  readonly ifindex: number;
  readonly state: State | number;
  readonly flags: readonly string[];
  readonly probes: number;
  readonly refcount: number;
  readonly confirmedMs: number;
  readonly usedMs: number;
  readonly updatedMs: number;
  readonly protocol: string | number;
  readonly type: number;
}

export interface Answer {
  readonly mac: string;
  /** The type of the link, such as "ETHER". */
  readonly type: string | number;
  /** What answered: the table, or the library, which makes the other answers. */
  readonly origin: Origin;
}

export interface LookupOptions {
  interface?: Interface;
  /** Answer with the entry of the gateway to an address behind it. */
  viaGateway?: boolean;
  /** Only the table answers. */
  tableOnly?: boolean;
  /** Ask on every interface with a prefix that has the address. */
  anyInterface?: boolean;
}

export interface Filter {
  interface?: Interface;
  master?: Interface;
  /** Entries in one of these states. */
  states?: State[];
  /** Entries with all of these flags. */
  flags?: string[];
  prefix?: string;
  family?: 4 | 6;
  mac?: string;
  /** The proxy entries, and no others. */
  proxy?: boolean;
}

export interface Address {
  readonly ip: string;
  readonly peer: string | null;
  readonly broadcast: string | null;
  readonly anycast: string | null;
  readonly ifindex: number;
  readonly prefixLength: number;
  readonly flags: readonly string[];
  readonly scope: string | number;
  readonly label: string;
  readonly validS: number;
  readonly preferredS: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly metric: number;
  readonly protocol: string | number;
}

export interface Link {
  readonly name: string;
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly type: string | number;
  readonly master: number;
  readonly parent: number;
  readonly mac: string | null;
  readonly broadcast: string | null;
  readonly permanentMac: string | null;
  readonly kind: string;
  readonly portKind: string;
  readonly operstate: string | number;
  readonly [member: string]: unknown;
}

export interface InterfaceEntry extends Link {
  readonly addresses: readonly Address[];
}

export interface Gateway {
  /** null for a route without gateway. */
  readonly ip: string | null;
  readonly source: string | null;
  readonly ifindex: number;
  readonly metric: number;
  readonly table: number;
  /** "CHOSEN": the kernel uses this route. */
  readonly flags: readonly string[];
  readonly weight: number;
  readonly validS: number;
  readonly nexthopId: number;
  /** Why there is no entry, such as "ENOENT"; null where there is one. */
  readonly code: string | null;
  readonly family: 4 | 6;
  readonly protocol: string | number;
  readonly preference: number;
  readonly neigh: Neigh | null;
}

export interface ResolveOptions {
  interface?: Interface;
  /** Milliseconds to wait for an answer, or Infinity: until the kernel gives up. 3500 by default. */
  timeout?: number;
  /** An entry that was confirmed longer ago, in milliseconds, is confirmed first. */
  maxAge?: number;
  /** Confirm an entry that is STALE, DELAY or PROBE. */
  revalidate?: boolean;
  /** Resolve the gateway to an address behind it. */
  viaGateway?: boolean;
}

export type Resolved =
  | { ip: string; neigh: Neigh; error?: undefined }
  | { ip: string; error: ArpqError; neigh?: undefined };

export interface PingOptions {
  interface?: Interface;
  timeout?: number;
  payloadSize?: number;
  hopLimit?: number;
  source?: string;
  sequence?: number;
  raw?: boolean;
}

export interface PingReply {
  readonly from: string;
  readonly rttNs: number;
  readonly flags: readonly string[];
  readonly value: number;
  readonly type: number;
  readonly code: number;
  readonly hopLimit: number;
  readonly sequence: number;
  readonly payloadSize: number;
}

export interface WatchOptions {
  /** First an ADDED event for all that is there, then SYNCED. */
  existing?: boolean;
  interfaces?: boolean;
  addresses?: boolean;
  /** false: no events of neighbours. */
  neighbours?: boolean;
  filter?: Filter;
}

export interface Event {
  readonly type:
    | 'NEIGH_ADDED' | 'NEIGH_CHANGED' | 'NEIGH_MOVED' | 'NEIGH_REMOVED' | 'CONFLICT' | 'OVERRUN' | 'SYNCED'
    | 'INTERFACE_ADDED' | 'INTERFACE_CHANGED' | 'INTERFACE_REMOVED'
    | 'ADDRESS_ADDED' | 'ADDRESS_CHANGED' | 'ADDRESS_REMOVED' | number;
  readonly flags: readonly string[];
  readonly neigh?: Neigh;
  readonly oldMac?: string | null;
  readonly oldState?: State | number;
  readonly oldFlags?: readonly string[];
  readonly interface?: Link;
  readonly address?: Address;
}

export interface SweepOptions {
  interface?: Interface;
  /** Packets a second. */
  rate?: number;
  attempts?: number;
  /** Milliseconds to wait for an answer after the last packet. */
  answerTime?: number;
  source?: string;
  vlan?: number;
  /** Also a prefix of more than 65536 addresses. */
  force?: boolean;
  noSource?: boolean;
  noRaw?: boolean;
}

export interface Found {
  readonly ip: string;
  readonly mac: string | null;
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly attempt: number;
  readonly rttUs: number;
}

export interface SweepStats {
  readonly method: string | number;
  readonly [counter: string]: number | string;
}

export interface SyncStats {
  readonly [counter: string]: number;
}

interface Source<T> extends AsyncIterableIterator<T> {
  /** Ends the iteration; closing twice is allowed. */
  close(): void;
}

export interface Watch extends Source<Event> {
  stats(): SyncStats;
}

export interface Sweep extends Source<Found> {
  stats(): SweepStats;
}

export interface Mirror {
  lookup(ip: string, options?: { interface?: Interface }): string;
  get(ip: string, options?: { interface?: Interface }): Neigh;
  findMac(mac: string): Neigh[];
  stats(): SyncStats;
  close(): void;
}

export interface OpenOptions {
  /** The path or the descriptor of a network namespace. */
  netns?: string | number;
}

/** Asks the neighbour table of one network namespace. Failures are ArpqError exceptions. */
export class Handle {
  constructor(options?: OpenOptions);
  readonly isOpen: boolean;
  /** The link-layer address of an IP address. */
  lookup(ip: string, options?: LookupOptions): string;
  /** The same, with the type of the link and with what answered. */
  lookupMac(ip: string, options?: LookupOptions): Answer;
  /** The link-layer address of the other end of a connected socket. */
  peer(socket: Socket | number, options?: Omit<LookupOptions, 'interface'>): Answer;
  /** The whole entry of an IP address. */
  get(ip: string, options?: LookupOptions): Neigh;
  table(filter?: Filter): Neigh[];
  /** The entries with a link-layer address. */
  findMac(mac: string): Neigh[];
  interfaces(options?: { read?: boolean }): InterfaceEntry[];
  interfaceIndex(name: string): number;
  interfaceName(ifindex: number): string;
  gateways(options?: { family?: 4 | 6; allTables?: boolean }): Gateway[];
  /** Makes the kernel find out the address if it does not know it. */
  resolve(ip: string, options?: ResolveOptions): Promise<Neigh>;
  resolveMany(ips: string[], options?: ResolveOptions): Promise<Resolved[]>;
  ping(ip: string, options?: PingOptions): Promise<PingReply>;
  watch(options?: WatchOptions): Watch;
  sweep(prefix: string, options?: SweepOptions): Sweep;
  mirror(): Mirror;
  /** The words of the kernel about the last call that failed. */
  detail(): string;
  /** Ends every wait: iterations end, promises are rejected with ECANCELED. */
  close(): void;
}

export const constants: Readonly<Record<string, number>>;
/** The number of the ABI, and the version, of the library. */
export const abi: number;
export const version: string;
