namespace Dewy.Engine.Tests.Artifacts.Verification;

/// <summary>One small artifact, signed with minisign 0.11 and OpenSSL 3 by keys that exist nowhere else.</summary>
internal static class SignatureSamples
{
    public const string Content = "the artifact of release 1.0.0\n";

    public const string MinisignKey =
        """
        untrusted comment: minisign public key 3705B0453D72AF02
        RWQCr3I9RbAFN2gs1pStuIfQgAFFsFVJyN7Va11YCxfFkDFa+K10hOCW

        """;

    public const string MinisignHashed =
        """
        untrusted comment: signature from minisign secret key
        RUQCr3I9RbAFN+rHHN5+6OprVqdG1bcdQJZSEdz4bmln3Mnf2q2CWpgf2N7GpETxatjk5sAaFi9RrY/0cyJwkKZM846fDmitQwY=
        trusted comment: timestamp:1 file:app.tar.gz
        LmU3dCUXS0Iyuizzfp17nDPqIXxH/6nl3AVKJVup/+9gyuk8m0JoJPQvOiWPKbPB3WjUXIMtIHpwwR9Dnc2TDA==

        """;

    public const string MinisignLegacy =
        """
        untrusted comment: signature from minisign secret key
        RWQCr3I9RbAFN3FTLf11GT+CGL/UesvetfiZQWQzFFbwL9nbbKFpHneuDAxEAluvWAtcf/62UHL1LCfNuAJBFBdFfaTpwsOrTgo=
        trusted comment: timestamp:1 file:app.tar.gz
        WyfWADrDKiZJDk1K22eqMhfJuICY3Ymx/zvyGblBdkrwm8V7SnaMTjhC00QKAmsMZrjsInMmUimjzoF69MyEBw==

        """;

    public const string MinisignOther =
        """
        untrusted comment: signature from minisign secret key
        RURhT5/RyDTYpHyVEeJ0p2ieN+mCJWdWTJVgijZkxxB+891Vgpsw4xCqghlU0SSLq24De0tYi3FdmC0PbCULWldBkVVnzkIpzQ8=
        trusted comment: timestamp:1795383469	file:app.tar.gz	hashed
        wcRrY5VFn8Z1RLeHX5nensH4jz13szDge0R998kjQbY5dIcjx1Ln2LE4rQafQSVcTM3AJyjqcQ3+T+ckfX8TAQ==

        """;

    public const string CosignKey =
        """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOxUvHP3IHUZuhnELRzMTYQhHIlnw
        hgNeg7Fa+0W53IlRxNGsHYfR80+9x8uwBB+HiFjOWdFsakzaqInlK9L4NQ==
        -----END PUBLIC KEY-----

        """;

    public const string CosignSignature = "MEUCIQDb+8G4TlvqSzeXVf+gEFRRN3DSwIx0fn0o4+4N1rWfbQIgFDQdR6OyT5LRRuQ34JXPzUSyxG1VqgwEX19QAsl0WUg=";

    public const string P384Key =
        """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEbMHfWsyqR7FBLXQue29V1YJYviF8Koky
        BN66zD7ZdJ4jh5uuwOIty4/e2WmyessWbXb0xhVK5NbQ+jw8BIb96tm3L0TUI8pL
        TLuM3haR6xfROTdEjNl0pbnbGx8BaqFr
        -----END PUBLIC KEY-----

        """;
}
