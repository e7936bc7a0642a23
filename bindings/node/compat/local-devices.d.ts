// SPDX-License-Identifier: MIT
declare function find(options: {
  address: string;
  skipNameResolution?: boolean;
  arpPath?: string;
}): Promise<find.IDevice[] | find.IDevice | undefined>;
declare function find(options?: {
  skipNameResolution?: boolean;
  arpPath?: string;
}): Promise<find.IDevice[]>;

declare namespace find {
  interface IDevice {
    name: string;
    ip: string;
    mac: string;
  }
}

export = find;
