using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
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
            document.AddComponent(body.Type.Name, await context.GetOrCreateSchemaAsync(body.Type, cancellationToken: cancellationToken));
            var schema = new OpenApiSchemaReference(body.Type.Name, document);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = body.AreRows
                    ? new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } },
                        ["text/csv"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                    }
                    : new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
            };
        }

        operation.Responses ??= [];
        foreach (var answer in metadata.OfType<ProducesResponseTypeMetadata>().Where(answer => answer.Description is not null))
        {
            operation.Responses[Key(answer.StatusCode)].Description = answer.Description;
        }

        foreach (var header in metadata.OfType<DocumentedHeader>())
        {
            AddHeader(operation.Responses[Key(header.Status)], header.Name, header.Description);
        }

        foreach (var status in metadata.OfType<ErrorKind>().Distinct().GroupBy(kind => kind.Status))
        {
            var response = operation.Responses[Key(status.Key)];
            response.Description = string.Join("\n\n", status.Select(kind => $"`{kind.Name}`: {kind.Meaning}"));
            if (status.Key is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                AddHeader(response, "Retry-After", "Seconds to wait.");
            }
        }

        if (metadata.OfType<RequiredAccess>().LastOrDefault()?.Access is { } access and not Access.Anyone)
        {
            var scheme = access == Access.Operator ? ApiDocument.MasterScheme : ApiDocument.TokenScheme;
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }];
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
