# SPDX-License-Identifier: MIT
# libarpq and its tool for Nix, from this tree: nix-build packaging/nix
{ pkgs ? import <nixpkgs> { } }:

let
  lib = pkgs.lib;
  header = builtins.readFile ../../include/arpq.h;
  number = part: builtins.head (builtins.match ".*#define ARPQ_VERSION_${part} ([0-9]+)\n.*" header);
in
pkgs.stdenv.mkDerivation {
  pname = "libarpq";
  version = "${number "MAJOR"}.${number "MINOR"}.${number "PATCH"}";
  src = lib.cleanSource ../..;

  outputs = [ "out" "dev" "man" ];
  nativeBuildInputs = [ pkgs.cmake pkgs.pkg-config ];
  buildInputs = [ pkgs.libmnl ];
  nativeCheckInputs = [ pkgs.bash pkgs.iproute2 pkgs.jq pkgs.python3 pkgs.tcpdump ];
  checkInputs = [ pkgs.cmocka ];

  doCheck = true;
  cmakeFlags = [ "-DARPQ_BUILD_TESTS=ON" "-DARPQ_MQTT=OFF" ];
  postPatch = "patchShebangs tests scripts";
  # The sandbox may refuse network namespaces.
  checkPhase = ''
    runHook preCheck
    ARPQ_ALLOW_SKIP=1 ctest --output-on-failure -L '^(unit|abi|fuzz)$'
    runHook postCheck
  '';

  meta = {
    description = "Library and tool for the link-layer address of an IP address (ARP, NDP)";
    homepage = "https://libarpq.example/";
    license = lib.licenses.mit;
    mainProgram = "arpq";
    platforms = lib.platforms.linux;
  };
}
