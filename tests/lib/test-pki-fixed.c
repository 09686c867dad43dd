#include "test-pki-fixed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char test_pki_fixed_root[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIB+DCCAWGgAwIBAgIQQAAAAAAAAAAAAAAAAAAAATANBgkqhkiG9w0BAQUFADAP\n"
  "MQ0wCwYDVQQDDARyb290MCAXDTI2MTEyMTEzNTYzMFoYDzIxMjYxMDI4MTM1NjMw\n"
  "WjAPMQ0wCwYDVQQDDARyb290MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDP\n"
  "lZBN+iWz3yZG4NiapoE/iBv5jAS+4vCP49dgsB5pz2OKkBJI3qIbiyniyNFNBHMQ\n"
  "io7+K9IiONeQMmTA+PaRLzntpSJprmiDdWDN1kt3DoT3nEcHKfhmu9EWL1ycjPJk\n"
  "ojgeoXD4rPXoH6r1sR83dulA7PiQZgm9yVbr7sJbxQIDAQABo1MwUTAdBgNVHQ4E\n"
  "FgQUslWWGPgC7qjR7xmETFpUKoUy78owHwYDVR0jBBgwFoAUslWWGPgC7qjR7xmE\n"
  "TFpUKoUy78owDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQUFAAOBgQCGH9ey\n"
  "wTmzcogVt/Q1QtD/U2bgabsG8py3uu8J1vbtyLIXUiqjskEE4dH7xKf6Z9g7Z4OS\n"
  "/QheBb0xEGr1qt6ffl+2NutdPGj4isIvLbN7pfeIvc5MGTCTKr/gO2Mym8EKGjBk\n"
  "OFq6k+xtnlmOuGHzPsgdOdr81CW2npjmdJ7ddQ==\n"
  "-----END CERTIFICATE-----\n";

const char test_pki_fixed_root_key[] =
  "-----BEGIN RSA PRIVATE KEY-----\n"
  "MIICWwIBAAKBgQDPlZBN+iWz3yZG4NiapoE/iBv5jAS+4vCP49dgsB5pz2OKkBJI\n"
  "3qIbiyniyNFNBHMQio7+K9IiONeQMmTA+PaRLzntpSJprmiDdWDN1kt3DoT3nEcH\n"
  "Kfhmu9EWL1ycjPJkojgeoXD4rPXoH6r1sR83dulA7PiQZgm9yVbr7sJbxQIDAQAB\n"
  "AoGAIp69DGQ1uYPz7Eo/lbtDPwdCMyJJAFT07ep/1x5IVDlETq2sfv6yZomVGL+J\n"
  "OKEPV6jkJDvGtfJo8SGWcCCVbl/18eLFT/PNIrNMg65H+W28fuGiksp6cU4uneSI\n"
  "9q7gEQCBw22VOKCXdlbQ0dlt3t9foBispZxtItv2ayTlgdkCQQD/pQV0kVRURr59\n"
  "5ftmKUgmgdIX7ld1gxIaSxIUDbtKzarGYlDjDCm9zZgNsRyNzxy/ZQJQfI9RQ0s7\n"
  "1UKgMKdrAkEAz99wTOEHRd65etj0YYbDXDugGn4mtbG3jMYMpu2+pQ86SlI4v+ym\n"
  "U0KR+Psw6ruCcjkqshvT5hn8ezUj0Z9FjwJACqAtTd8MhkQ6frkkbeahXRhgRyZc\n"
  "9EFyay1bnwHDGyTZSE2l1woWYhE9lLQb37kQFNR5+CZ1PodxhRckIcxj6QJAE17T\n"
  "3SYfAmDF0e/Dng7rx3165t0YiFfeLc0Kwsdmu4TWvrQ4u5G20g1jAtuNbGI6vqAb\n"
  "HWvAbDHBuE10YAVCewJAEyb7/pt3Eo+TYs8GsbOYu5Fys5YN4yIitTvWCZ8hRxSo\n"
  "wO90URaqI0+KnospGSLBgiTly8H6R9DbEUcoEeo/dA==\n"
  "-----END RSA PRIVATE KEY-----\n";

const char test_pki_fixed_member[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIB9DCCAV2gAwIBAgIQQAAAAAAAAAAAAAAAAAAAAjANBgkqhkiG9w0BAQUFADAP\n"
  "MQ0wCwYDVQQDDARyb290MCAXDTI2MTEyMTEzNTcxNFoYDzIxMjUwNjE1MTM1NzE0\n"
  "WjARMQ8wDQYDVQQDDAZtZW1iZXIwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGB\n"
  "AKv1zs+bVJ7lqZ4OUbAkkKIabTNq5dUVZLOP2Ca2MMbnhuF90HRkFI8c7iBhVQu1\n"
  "vq80pmGdeSJ6fsUFygMPf7/+IDQ4mtKdoW8PLWDQB0NCGiiS6VgSr+p3tozmFFF8\n"
  "gCpRf3/RiKUUtwCjEgxYd7SHWzqj9OzIAcz7FasP1/9VAgMBAAGjTTBLMAkGA1Ud\n"
  "EwQCMAAwHQYDVR0OBBYEFAi+apzRcT/mPoBnsvxAWTLWR5RzMB8GA1UdIwQYMBaA\n"
  "FLJVlhj4Au6o0e8ZhExaVCqFMu/KMA0GCSqGSIb3DQEBBQUAA4GBAGOowm7MURyg\n"
  "CGCBfzmaFwRZ8e4KATk1r6xAhlLwjZ4j9cje5f0Bg3AR3l64PhLHtwepFdHJIyHY\n"
  "XYU8dvbrH+zeePkZ20WIRWCiP9tdDo95/J/ZGNqTbB5qVmdfI0rsX95AJ4gk8+Sq\n"
  "kBN3HGlBE6qWQC1/AHL3yMwUTUfYkU9t\n"
  "-----END CERTIFICATE-----\n";

const char test_pki_fixed_member_key[] =
  "-----BEGIN RSA PRIVATE KEY-----\n"
  "MIICXQIBAAKBgQCr9c7Pm1Se5ameDlGwJJCiGm0zauXVFWSzj9gmtjDG54bhfdB0\n"
  "ZBSPHO4gYVULtb6vNKZhnXkien7FBcoDD3+//iA0OJrSnaFvDy1g0AdDQhookulY\n"
  "Eq/qd7aM5hRRfIAqUX9/0YilFLcAoxIMWHe0h1s6o/TsyAHM+xWrD9f/VQIDAQAB\n"
  "AoGALfsIVdL/CY33kN/bT/I3CmFumbUXx6Z0yt7HuXI2ELmQA3OU7cplBO+DbP0Z\n"
  "tIvgdRDq/GcTIPkINL6bib33Nnr91E3vLpKGna3lrlWBCXLihCMVcb17gNS0J8Oz\n"
  "1DCqB1UtYl8GhTx9I185wFqXnJCFq3aEr4oPzfZIt3TYJYECQQDaTMeyrAEGt6Li\n"
  "N/Ncqosj4AhVNX+fwYoO6pmGggEF4naymteeDLpuj3lZLKeIQ4vOs8kDfYx6CSeP\n"
  "Q31G9l9pAkEAyahPTz77oxvQbw6b+eMEJFz3jCgPGb4TgcrGcIX8fHxHANF/So1x\n"
  "aaPv0nC0+tx2M/nWEocQnmLhDUs6ng4PDQJAYclVBy9Pgl/OQgGILTFkBJz9fpXp\n"
  "Znm+yzHBteQUaztnqlf8UBsphA8W76A2J68COISGfd7Gh4AETYOQ4bHJSQJBALO+\n"
  "OMrq2cKd9SA4RmDqr3N2BhRAVI1edea3hj8fvlh7MZKSKUKbZl6CCC5r1XTQ8u8L\n"
  "HnuvNennOq/twRbGczUCQQCxj8BBL96wVa4858am6I0w7dyZnb/Ep4oDfP7P4Zru\n"
  "EnkwiSqSW7oom6EdFuh6o8pxScFBH/G4c3iJDrvVJudc\n"
  "-----END RSA PRIVATE KEY-----\n";

const char test_pki_fixed_other[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIB8zCCAVygAwIBAgIQQAAAAAAAAAAAAAAAAAAAAzANBgkqhkiG9w0BAQUFADAP\n"
  "MQ0wCwYDVQQDDARyb290MCAXDTI2MTEyMTEzNTcxNFoYDzIxMjUwNjE1MTM1NzE0\n"
  "WjAQMQ4wDAYDVQQDDAVvdGhlcjCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA\n"
  "ziXlIBBVSX24ShPXl3u7jfQSyHGgMrMXCSKrmmemr1WDdZmsVw2vIA+hOtSsP9Oj\n"
  "2pAyVYbavidgcuh6761Ml++RZsLEO8AkZtZXAeeRw/qGQheOkWOppWmlRbxUnUfT\n"
  "6hlrwRfCa75A/r+2GQ1R+zfNeHV82JQjDU+BCVKG/78CAwEAAaNNMEswCQYDVR0T\n"
  "BAIwADAdBgNVHQ4EFgQU+Kv9yq46nNiufmdk41ssOB/L0KUwHwYDVR0jBBgwFoAU\n"
  "slWWGPgC7qjR7xmETFpUKoUy78owDQYJKoZIhvcNAQEFBQADgYEAob8Y9KAVodbV\n"
  "ter76BqlvUCeAYHjG6zqD0+miMApL9e43J4hz6XG2wZSCSyuKI3IG/JydXUgeeDL\n"
  "+RtYirdh56xA5NfDhlcHr/IZbI518XbYDQymF6NKz25oXwLrJMC2bDzOHdzskbjl\n"
  "eoUqCAOxwXzBvwS4X+5vnXCxn/+uPcU=\n"
  "-----END CERTIFICATE-----\n";

const char test_pki_fixed_other_key[] =
  "-----BEGIN RSA PRIVATE KEY-----\n"
  "MIICXAIBAAKBgQDOJeUgEFVJfbhKE9eXe7uN9BLIcaAysxcJIquaZ6avVYN1maxX\n"
  "Da8gD6E61Kw/06PakDJVhtq+J2By6HrvrUyX75FmwsQ7wCRm1lcB55HD+oZCF46R\n"
  "Y6mlaaVFvFSdR9PqGWvBF8JrvkD+v7YZDVH7N814dXzYlCMNT4EJUob/vwIDAQAB\n"
  "AoGASdjvZHYVZ1c/DmJfR+fOP0Lg+6cgoSjgpqgh2xUodATpK9aaEzFWu+B9fGq1\n"
  "LcQuHVyse1DsyVOnzGIVsAhfuCUoeG1VXVBmrCR776js454CjW90OrejJ6YwU55N\n"
  "865Yk7owJjbCjnDu2P0TtNaf5Q1tfaCGhMVVHSCMG3nI7qECQQDufSHsAv5nAyFL\n"
  "n1MiieTVaBkTnQIOEupxSi18fZ/0ak49YxbIMC2xDHZS5CxqMaWhgVrCuzGB6JxD\n"
  "TiI6kQZxAkEA3UjambyZJ2gUA0vZPk1hbjfjtSnsHAbE0B6IzrZllBgOCnc1ZWHh\n"
  "MjunfgItQJ6vk6F5ZGsftPyp7ZlN/NZhLwJAKdOcbW4g/CQaZM7un7IbhioZq8zv\n"
  "nVRH9dKSo7DMqusyCaYlSrrYaKLM5cDK4V0PtYGgT2LRTf1j2pILgsYIoQJAOdiN\n"
  "rJqsvqxqbuIpDCxWR+W8VON8oWbzlCQnR0JPE4OmR/4Zq0MHB4aopjwTcE0LQOB5\n"
  "R1LpmvphwYbN6EZyaQJBAIWxfzjx33Xb5iKXZbShBKCGeCKs8KhEiYSueAwhwKLr\n"
  "ntkpHxj+5t27bOVuPDcAX1eiGWpYLs1WJCdvkyOqy58=\n"
  "-----END RSA PRIVATE KEY-----\n";

const char test_pki_fixed_list[] =
  "-----BEGIN X509 CRL-----\n"
  "MIIBDTB4AgEBMA0GCSqGSIb3DQEBBQUAMA8xDTALBgNVBAMMBHJvb3QXDTI2MTEy\n"
  "MTEzNTcxNVoYDzIxMjUwNjE1MTM1NzE1WjAjMCECEEAAAAAAAAAAAAAAAAAAAAMX\n"
  "DTI2MTEyMTAwMDAwMFqgDjAMMAoGA1UdFAQDAgEBMA0GCSqGSIb3DQEBBQUAA4GB\n"
  "AEyO2DMHxSQvGXHsfZhW4LqjGAMVMQ08m83L2CbNhoahVhxrjhYgO8np2AH4+hd6\n"
  "sTtjPi0xachdqjbkZTbYoBU2lBmcyMmvVMAOL+ppacY72WsEJs8ivMe/KAW+MZ5u\n"
  "QTDahBt5MNyYqsOZw3IUNy2X17IL0Mg31rhgP77w1zgF\n"
  "-----END X509 CRL-----\n";

const unsigned char test_pki_fixed_derived[32] = {
  0x6d, 0x89, 0x21, 0xd4, 0x8b, 0x19, 0x8b, 0xca, 0x6f, 0x08, 0xee, 0x5f, 0x3a, 0x13, 0x28, 0x56,
  0xb0, 0x62, 0x63, 0xc6, 0x49, 0x5b, 0x32, 0xd3, 0xf0, 0xfb, 0x14, 0xb3, 0xe8, 0x9a, 0xa3, 0xa3,
};

DRT_CERTIFICATE *
test_pki_fixed(const char *certificate, const char *key, PCCERT_CONTEXT issuer)
{
  DRT_CERTIFICATE *made = NULL;
  size_t n = strlen(certificate) + strlen(key) + 1;
  char *pem = malloc(n);
  if (pem == NULL)
    abort();
  snprintf(pem, n, "%s%s", certificate, key);
  if (DrtCertificateFromPem(pem, (ULONG)(n - 1), issuer, &made) != S_OK) {
    fprintf(stderr, "a fixed certificate cannot be read\n");
    abort();
  }
  free(pem);
  return made;
}
