module example.invalid/arpq

go 1.19
