using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;
using Wuts.Storage;

namespace Wuts.Api.Consents;

/// <summary>A tenant's rules of consent.</summary>
internal static class ConsentPolicyEndpoints
{
    private const int MostKeywords = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/consents/policy", Read)
            .Documented(Access.Manager, "getConsentPolicy", "Consents", "Read the rules of consent", "Those of your tenant.")
            .Answers<ConsentPolicyAnswer>(StatusCodes.Status200OK, "The rules.");
        routes.MapPut("/consents/policy", Put)
            .Documented(
                Access.Manager, "putConsentPolicy", "Consents", "Replace the rules of consent",
                "Replaces them as a whole: what is left out goes back to its default. Modes hold from when this is answered, also for messages that wait. "
                + "Keywords work in chats with one person when they are all of the message, besides the built-in ones of English, Portuguese and Spanish; "
                + "new ones work within ten seconds.")
            .Takes<ConsentPolicyRequest>()
            .Answers<ConsentPolicyAnswer>(StatusCodes.Status200OK, "The rules.");
    }

    private static async Task<IResult> Read(HttpContext http, IConsentStore consents) =>
        Answered(await consents.FindPolicyAsync(http.GetCaller().TenantId, http.RequestAborted));

    private static async Task<IResult> Put(HttpContext http, JsonBody body, IConsentStore consents)
    {
        var (policy, error) = await body.ReadAsync(http, ReadPolicy);
        if (policy is null)
        {
            return error!;
        }

        await consents.PutPolicyAsync(http.GetCaller().TenantId, policy);
        return Answered(policy);
    }

    private static ConsentPolicy ReadPolicy(Fields fields) => new()
    {
        OptInCategories = ReadModes(fields),
        OptOutKeywords = ReadKeywords(fields, "opt_out_keywords"),
        OptInKeywords = ReadKeywords(fields, "opt_in_keywords"),
        OptOutConfirmation = fields.Text("opt_out_confirmation", max: TextContent.MaxLength),
        OptInConfirmation = fields.Text("opt_in_confirmation", max: TextContent.MaxLength),
    };

    private static ImmutableHashSet<Category> ReadModes(Fields fields)
    {
        var optIn = ImmutableHashSet.CreateBuilder<Category>();
        foreach (var (name, value) in fields.Map("modes"))
        {
            if (StoredName.Parse<Category>(name) is not { } category)
            {
                fields.Refuse($"modes.{name}", $"is no category: use {StoredName.List<Category>()}");
            }
            else if (StoredName.Parse<ConsentMode>(value) is not { } mode)
            {
                fields.Refuse($"modes.{name}", $"must be {StoredName.List<ConsentMode>()}", value);
            }
            else if (mode == ConsentMode.OptIn)
            {
                optIn.Add(category);
            }
        }

        return optIn.ToImmutable();
    }

    private static ImmutableArray<string> ReadKeywords(Fields fields, string name)
    {
        var keywords = fields.Texts(name, max: MostKeywords);
        foreach (var (i, keyword) in keywords.Index())
        {
            if (ConsentKeywords.Normalize(keyword).Length == 0 || keyword.Contains('\0', StringComparison.Ordinal))
            {
                fields.Refuse($"{name}[{i}]", $"must have 1 to {ConsentKeywords.MaxLength} letters or digits", keyword);
            }
        }

        return keywords;
    }

    private static IResult Answered(ConsentPolicy policy) =>
        Answer.Ok(new ConsentPolicyAnswer { Policy = ConsentPolicyResource.Of(policy) }, ApiJson.Wire.ConsentPolicyAnswer);
}
