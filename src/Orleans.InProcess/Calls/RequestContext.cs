namespace Orleans.Runtime;

/// <summary>
/// Values that travel with a call, and with the calls made while it runs. They flow towards the callee only: what it sets, the
/// caller does not see. Values are isolated by copy, like arguments.
/// </summary>
public static class RequestContext
{
    private const string ReentrancyKey = "#CCR";

    // The dictionary is never changed once it is here: async-locals and calls share it.
    private static readonly AsyncLocal<Dictionary<string, object>?> s_values = new();

    /// <summary>Names the call chain that may come back into the grains it left; empty for none.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty)
            {
                Remove(ReentrancyKey);
            }
            else
            {
                Set(ReentrancyKey, value);
            }
        }
    }

    public static IEnumerable<string> Keys => s_values.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => s_values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>All values, to be read only.</summary>
    internal static Dictionary<string, object>? Values
    {
        get => s_values.Value;
        set
        {
            if (!ReferenceEquals(s_values.Value, value))
            {
                s_values.Value = value;
            }
        }
    }

    public static object? Get(string key) => s_values.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value) => s_values.Value = new(s_values.Value ?? []) { [key] = value };

    public static bool Remove(string key)
    {
        if (s_values.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        s_values.Value = rest.Count > 0 ? rest : null;
        return true;
    }

    public static void Clear() => Values = null;

    /// <summary>
    /// Until the section is disposed, calls that descend from the calls made in it may re-enter this grain while it waits for them.
    /// </summary>
    public static ReentrancySection AllowCallChainReentrancy() => new(ReentrancyId == Guid.Empty ? Guid.NewGuid() : ReentrancyId);

    /// <summary>Until the section is disposed, calls made in it may not re-enter.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(Guid.Empty);

    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _outer;
        private readonly Guid _id;

        internal ReentrancySection(Guid id)
        {
            _outer = ReentrancyId;
            _id = id;
            if (_id != _outer)
            {
                ReentrancyId = _id;
            }

            RuntimeContext.Current?.EnterReentrantSection(_id);
        }

        public void Dispose()
        {
            RuntimeContext.Current?.LeaveReentrantSection(_id);
            if (_id != _outer)
            {
                ReentrancyId = _outer;
            }
        }
    }
}
