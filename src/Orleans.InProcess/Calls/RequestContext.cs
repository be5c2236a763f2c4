namespace Orleans.Runtime;

/// <summary>
/// Values that travel with a call, and with the calls made while it runs. They flow towards the callee only: what it sets, the
/// caller does not see. Values are isolated by copy, like arguments.
/// </summary>
public static class RequestContext
{
    private const string ReentrancyKey = "#CCR";

    // The dictionary is never changed once it is here: async-locals and calls share it.
    private static readonly AsyncLocal<Dictionary<string, object>?> Current = new();

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

    public static IEnumerable<string> Keys => Current.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => Current.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>All values, to be read only.</summary>
    internal static Dictionary<string, object>? Values
    {
        get => Current.Value;
        set
        {
            if (!ReferenceEquals(Current.Value, value))
            {
                Current.Value = value;
            }
        }
    }

    public static object? Get(string key) => Current.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value) => Current.Value = new(Current.Value ?? []) { [key] = value };

    public static bool Remove(string key)
    {
        if (Current.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        Current.Value = rest.Count > 0 ? rest : null;
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
