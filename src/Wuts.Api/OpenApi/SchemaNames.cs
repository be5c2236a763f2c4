using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Wuts.Api.OpenApi;

/// <summary>Names of shapes in the document. Another part of the process may have a shape of the same name as ours: it is told apart.</summary>
internal static class SchemaNames
{
    public static string? Of(JsonTypeInfo shape)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(shape);
        var owner = shape.Type.Assembly.GetName().Name;
        var foreign = owner?.StartsWith("Wuts.", StringComparison.Ordinal) == true && shape.Type.Assembly != typeof(SchemaNames).Assembly;
        return name is not null && foreign ? owner![(owner!.LastIndexOf('.') + 1)..] + name : name;
    }
}
