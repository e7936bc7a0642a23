// SPDX-License-Identifier: MIT
import { isIP } from 'net';

export interface IArpTableRow {
  ip: string;
  mac: string;
  type: 'static' | 'dynamic' | 'unknown';
}
export type IArpTable = IArpTableRow[];

export { isIP };
export declare function isMAC(mac: string): boolean;
export declare function isPrefix(prefix: string): boolean;
export declare function getTable(): Promise<IArpTable>;
export declare function toMAC(ip: string): Promise<string | null>;
export declare function toIP(mac: string): Promise<string | null>;
export declare function fromPrefix(prefix: string): Promise<IArpTableRow[]>;
export declare function isType(type: IArpTableRow['type'] | 'undefined', address: string): Promise<boolean>;
export declare function getType(address: string): Promise<string>;

declare const functions: {
  fromPrefix: typeof fromPrefix;
  getTable: typeof getTable;
  getType: typeof getType;
  isType: typeof isType;
  isIP: typeof isIP;
  isMAC: typeof isMAC;
  isPrefix: typeof isPrefix;
  toIP: typeof toIP;
  toMAC: typeof toMAC;
};
export default functions;
