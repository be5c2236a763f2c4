using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Wuts.Api.Requests;
using Wuts.Domain.Tenants;
using Wuts.Webhooks;

namespace Wuts.Api.Tenants;

/// <summary>A new tenant with its first user, who is always an admin.</summary>
internal sealed record RegisterRequest
{
    [MinLength(1), MaxLength(100)]
    public required string TenantName { get; init; }

    [MaxLength(254)]
    public required string Email { get; init; }

    /// <summary>Checked and then discarded: there is no sign-in by password. Kept in the request for clients that send it.</summary>
    [MinLength(8), MaxLength(128)]
    public required string Password { get; init; }

    /// <summary>user, manager or admin; without effect, as the first user is always an admin.</summary>
    public string? Role { get; init; }

    /// <summary>Configured, with all events, on the first device that this user creates.</summary>
    public string? WebhookUrl { get; init; }
}

/// <summary>A new user of the caller's tenant.</summary>
internal sealed record CreateUserRequest
{
    [MaxLength(254)]
    public required string Email { get; init; }

    /// <summary>Checked and then discarded: there is no sign-in by password. Kept in the request for clients that send it.</summary>
    [MinLength(8), MaxLength(128)]
    public required string Password { get; init; }

    /// <summary>user, manager or admin.</summary>
    [DefaultValue("user")]
    public string? Role { get; init; }

    /// <summary>Configured, with all events, on the first device that this user creates.</summary>
    public string? WebhookUrl { get; init; }
}

/// <summary>What both requests say of the new user, read and checked.</summary>
internal sealed partial record NewUser(string Email, Role Role, Uri? WebhookUrl)
{
    public static NewUser Read(Fields fields, WebhookOptions webhooks)
    {
        var email = fields.Text("email", required: true, min: 3, max: 254)?.Trim();
        if (email is not null && !EmailForm().IsMatch(email))
        {
            fields.Refuse("email", "must be an e-mail address", email);
        }

        fields.Text("password", required: true, min: 8, max: 128, secret: true);
        return new(email ?? string.Empty, ReadRole(fields), ReadWebhook(fields, webhooks));
    }

    private static Role ReadRole(Fields fields)
    {
        switch (fields.Text("role", min: 0))
        {
            case null or "" or "user":
                return Role.User;
            case "manager":
                return Role.Manager;
            case "admin":
                return Role.Admin;
            case var other:
                fields.Refuse("role", "must be user, manager or admin", other);
                return Role.User;
        }
    }

    private static Uri? ReadWebhook(Fields fields, WebhookOptions webhooks)
    {
        if (fields.Text("webhook_url", min: 0, max: Wuts.Webhooks.WebhookUrl.MaxLength) is not { Length: > 0 } text)
        {
            return null;
        }

        var url = Wuts.Webhooks.WebhookUrl.Parse(text, webhooks, out var error);
        if (error is not null)
        {
            fields.Refuse("webhook_url", error, text);
        }

        return url;
    }

    // One @, no spaces, and a domain of at least two labels. Whether anybody reads mail there is not ours to find out.
    [GeneratedRegex(@"^[^@\s\p{C}]{1,64}@[^@\s\p{C}.]+(\.[^@\s\p{C}.]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailForm();
}
