namespace Wuts.Api.Authentication;

/// <summary>The platform's master token, which creates and lists tenants. Replace it to keep only a digest.</summary>
public interface IMasterToken
{
    /// <summary>Whether this is the master token. Takes the same time whatever the token.</summary>
    bool Matches(string token);
}
