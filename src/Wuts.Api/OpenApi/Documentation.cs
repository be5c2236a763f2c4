using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;

namespace Wuts.Api.OpenApi;

/// <summary>A query parameter, path parameter or header of an operation.</summary>
internal sealed record DocumentedParameter(
    string Name, ParameterLocation In, JsonSchemaType Type, string Description, bool Required = false);

/// <summary>A header of an answer.</summary>
internal sealed record DocumentedHeader(int Status, string Name, string Description);

/// <summary>
/// How endpoints say what they do. <see cref="Documented"/> also sets who may call: an endpoint without it is not in the
/// document, and not ours.
/// </summary>
internal static class Documentation
{
    // Whatever the operation, a request can meet these.
    private static readonly ImmutableArray<ErrorKind> Everywhere = [ErrorCodes.HeadersTooLarge, ErrorCodes.InternalError, ErrorCodes.ServiceUnavailable];

    private static readonly ImmutableArray<ErrorKind> OfBodies =
    [
        ErrorCodes.ValidationError, ErrorCodes.InvalidJson, ErrorCodes.RequestTimeout, ErrorCodes.PayloadTooLarge, ErrorCodes.UnsupportedMediaType,
    ];

    public static RouteHandlerBuilder Documented(
        this RouteHandlerBuilder endpoint, Access access, string id, string tag, string summary, string description)
    {
        endpoint.WithMetadata(new RequiredAccess(access)).WithName(id).WithTags(tag).WithSummary(summary).WithDescription(description).Fails([.. Everywhere]);
        return access switch
        {
            Access.Anyone => endpoint,
            Access.Admin or Access.Manager => endpoint.Fails(ErrorCodes.Unauthorized, ErrorCodes.Forbidden),
            _ => endpoint.Fails(ErrorCodes.Unauthorized),
        };
    }

    /// <summary>The operation needs a JSON body of this shape.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new DocumentedBody(typeof(T))).Fails([.. OfBodies]);

    /// <summary>The operation needs many of this shape: a JSON array, or CSV with the shape's names as its columns.</summary>
    public static RouteHandlerBuilder TakesRows<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new DocumentedBody(typeof(T), AreRows: true)).Fails([.. OfBodies]);

    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params DocumentedParameter[] parameters) =>
        endpoint.WithMetadata([.. parameters]);

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description, params DocumentedHeader[] headers) =>
        endpoint
            .WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]) { Description = description })
            .WithMetadata([.. headers]);

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params ErrorKind[] codes) =>
        endpoint
            .WithMetadata([.. codes])
            .WithMetadata([.. codes.Select(code => code.Status).Distinct().Select(status =>
                new ProducesResponseTypeMetadata(status, typeof(ErrorEnvelope), ["application/json"]))]);
}

/// <summary>Endpoint metadata: the shape of the body, or of each of its rows.</summary>
internal sealed record DocumentedBody(Type Type, bool AreRows = false);
