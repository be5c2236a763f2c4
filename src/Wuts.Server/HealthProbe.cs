namespace Wuts.Server;

/// <summary><c>wuts health</c>: the health check of a container, whose image has no other program that speaks HTTP.</summary>
internal static class HealthProbe
{
    private const int Ready = 0;
    private const int NotReady = 1;
    private const int Misused = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 1 || !Uri.TryCreate(args.FirstOrDefault() ?? new ServerOptions().Urls, UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync("wuts: health takes one address, such as http://127.0.0.1:8080.");
            return Misused;
        }

        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? Ready : NotReady;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"wuts: {address} does not answer: {e.Message}");
            return NotReady;
        }
    }
}
