using Microsoft.Extensions.Options;

namespace Wuts.Server;

/// <summary>What one value cannot tell alone.</summary>
internal sealed class ServerOptionsValidator(IConfiguration configuration) : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var errors = new List<string>();
        if (options.Storage.Provider is not (StorageOptions.Sqlite or StorageOptions.Postgres))
        {
            errors.Add($"Wuts:Storage:Provider is '{options.Storage.Provider}'; it must be 'sqlite' or 'postgres'.");
        }

        if (options.Storage.Provider == StorageOptions.Postgres && string.IsNullOrWhiteSpace(options.Storage.ConnectionString))
        {
            errors.Add("Wuts:Storage:ConnectionString is needed with Wuts:Storage:Provider=postgres, e.g. 'Host=127.0.0.1;Database=wuts;Username=wuts'.");
        }

        foreach (var url in options.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url.Replace("//*", "//localhost").Replace("//+", "//localhost"), UriKind.Absolute, out var parsed)
                || parsed.Scheme is not ("http" or "https"))
            {
                errors.Add($"Wuts:Urls holds '{url}'; each must be like http://127.0.0.1:8080.");
            }
        }

        if (options.Demo && !configuration.GetValue<bool>("Wuts:Simulator:Enabled"))
        {
            errors.Add("Wuts:Demo needs Wuts:Simulator:Enabled=true.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
