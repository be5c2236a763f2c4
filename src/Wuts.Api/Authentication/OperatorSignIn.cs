using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Api.Errors;

namespace Wuts.Api.Authentication;

/// <summary>
/// Lets an operator into the pages of the platform with a browser: the master token is exchanged for a cookie, which is worth as much
/// for <see cref="Lifetime"/>. Other sites cannot have it sent along, and no script can read it.
/// </summary>
internal static class OperatorSignIn
{
    public const string Path = "/operator";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const string Scheme = "operator";
    private const int LongestForm = 4096;
    private static readonly ApiError NoForm = new(ErrorCodes.BadRequest, "Send the form with the field token.");
    private static readonly ApiError WrongToken = new(ErrorCodes.Unauthorized, "invalid master token");

    public static void Add(IServiceCollection services) => services.AddAuthentication().AddCookie(Scheme, options =>
    {
        options.Cookie.Name = "wuts-operator";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    });

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).WithMetadata(new RequiredAccess(Access.Anyone)).ExcludeFromDescription();
        pages.MapGet("", (HttpContext http) => OperatorPage.Show(http, StatusCodes.Status200OK, Target(http.Request.Query["to"])));
        pages.MapPost("/sign-in", SignInAsync);
        pages.MapPost("/sign-out", (Delegate)SignOutAsync);
    }

    public static async Task<bool> IsSignedInAsync(HttpContext http) => (await http.AuthenticateAsync(Scheme)).Succeeded;

    private static async Task<IResult> SignInAsync(HttpContext http, IMasterToken master)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > LongestForm)
        {
            return NoForm;
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return NoForm;
        }

        var target = Target(form["to"]);
        if (!master.Matches(form["token"].ToString().Trim()))
        {
            return OperatorPage.IsWanted(http.Request) ? OperatorPage.Show(http, StatusCodes.Status401Unauthorized, target, "That is not the master token.") : WrongToken;
        }

        await http.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, Scheme)], Scheme)));
        return Results.Redirect(target);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.SignOutAsync(Scheme);
        return Results.Redirect(Path);
    }

    // Only a path of this site: never where somebody else's link would lead.
    private static string Target(string? wanted) =>
        wanted is ['/', not '/' and not '\\', ..] && Uri.IsWellFormedUriString(wanted, UriKind.Relative) ? wanted : "/orleans/";
}
