using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;

namespace Wuts.Api.OpenApi;

/// <summary>Puts what an endpoint says of itself (see <see cref="Documentation"/>) into its operation.</summary>
internal sealed class ApiOperation : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        foreach (var parameter in metadata.OfType<DocumentedParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.In,
                Description = parameter.Description,
                Required = parameter.Required,
                Schema = new OpenApiSchema { Type = parameter.Type },
            });
        }

        if (metadata.OfType<DocumentedBody>().LastOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = await JsonAsync(body.Type) };
        }

        operation.Responses ??= [];
        foreach (var header in metadata.OfType<DocumentedHeader>())
        {
            AddHeader(operation.Responses[Key(header.Status)], header.Name, header.Description);
        }

        foreach (var status in metadata.OfType<ErrorKind>().Distinct().GroupBy(code => code.Status).OrderBy(group => group.Key))
        {
            var response = new OpenApiResponse
            {
                Description = string.Join("\n\n", status.Select(code => $"`{code.Name}`: {code.Meaning}")),
                Content = await JsonAsync(typeof(ErrorEnvelope)),
            };
            if (status.Key is 429 or 503)
            {
                AddHeader(response, "Retry-After", "Seconds to wait.");
            }

            operation.Responses[Key(status.Key)] = response;
        }

        if (metadata.OfType<RequiredAccess>().Last().Access is not Access.Anyone and var access)
        {
            var scheme = access == Access.Master ? ApiDocument.MasterScheme : ApiDocument.TokenScheme;
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }];
        }

        async Task<Dictionary<string, OpenApiMediaType>> JsonAsync(Type type)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);
            document.AddComponent(type.Name, schema);
            return new() { ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(type.Name, document) } };
        }
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static void AddHeader(IOpenApiResponse response, string name, string description)
    {
        if (response is OpenApiResponse concrete)
        {
            concrete.Headers ??= new Dictionary<string, IOpenApiHeader>();
            concrete.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }
}
