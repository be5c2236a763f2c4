namespace Orleans.Configuration;

/// <summary>How calls behave.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits before a <see cref="TimeoutException"/>. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a call that times out also cancels the token its method was given. Default: no.</summary>
    public bool CancelRequestOnTimeout { get; set; }
}

/// <summary>Calls made by the silo: by grains, and by code that got its <see cref="IGrainFactory"/> from the silo's host.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>Calls made by the client of a test cluster.</summary>
public class ClientMessagingOptions : MessagingOptions;
