using Microsoft.Extensions.Options;
using Wuts.Server.Roles;

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

        if (options.Demo && !configuration.GetValue<bool>("Wuts:Simulator:Enabled") && string.IsNullOrEmpty(configuration["Wuts:Simulator:Url"]))
        {
            errors.Add("Wuts:Demo needs Wuts:Simulator:Enabled=true, or Wuts:Simulator:Url in a cluster.");
        }

        if (Role.IsOfCluster(options.Role))
        {
            errors.AddRange(MissingInCluster(options));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    // What one process makes for itself, the processes of a cluster must agree on.
    private static IEnumerable<string> MissingInCluster(ServerOptions options)
    {
        if (options.Storage.Provider != StorageOptions.Postgres)
        {
            yield return $"Wuts:Role={options.Role} needs Wuts:Storage:Provider=postgres: a SQLite file serves one process.";
        }

        if (options.MasterToken is null)
        {
            yield return $"Wuts:Role={options.Role} needs Wuts:MasterToken, the same in every process of the cluster.";
        }

        if (options.EncryptionKey is null)
        {
            yield return $"Wuts:Role={options.Role} needs Wuts:EncryptionKey, the same in every process of the cluster; `openssl rand -base64 32` makes one.";
        }
    }
}
