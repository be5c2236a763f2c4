using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>One call, as a call filter sees it.</summary>
public interface IInvokable
{
    /// <summary>The grain object, once the call has reached it.</summary>
    object? GetTarget();

    int GetArgumentCount();

    object? GetArgument(int index);

    void SetArgument(int index, object value);

    string GetMethodName();

    string GetInterfaceName();

    /// <summary>A short name for traces: interface and method.</summary>
    string GetActivityName();

    MethodInfo GetMethod();

    Type GetInterfaceType();

    TimeSpan? GetDefaultResponseTimeout();

    CancellationToken GetCancellationToken();
}
