using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What becomes of images, replicas and the proxy's backends.</summary>
internal static partial class ReplicaLog
{
    [LoggerMessage(501, LogLevel.Information, "Pulling new image")]
    public static partial void Pulling(ILogger logger, string image, string tag);

    [LoggerMessage(502, LogLevel.Debug, "Image pull progress")]
    public static partial void PullProgressed(ILogger logger, string image, long bytes, long? total, int layersDone, int layers);

    [LoggerMessage(503, LogLevel.Information, "Image pull complete")]
    public static partial void Pulled(ILogger logger, string digest, string image, TimeSpan duration);

    [LoggerMessage(504, LogLevel.Information, "Image pull notification")]
    public static partial void PullNotification(ILogger logger, string message);

    [LoggerMessage(506, LogLevel.Error, "Image pull failed")]
    public static partial void PullFailed(ILogger logger, string error, string image, string tag);

    [LoggerMessage(521, LogLevel.Information, "Container started")]
    public static partial void ContainerStarted(ILogger logger, string container, int mappedPort, string tag);

    [LoggerMessage(522, LogLevel.Information, "Health checking new container")]
    public static partial void Checking(ILogger logger, string url, string name);

    [LoggerMessage(523, LogLevel.Error, "Health check failed")]
    public static partial void HealthFailed(ILogger logger, string error, string tag);

    [LoggerMessage(545, LogLevel.Error, "Container start failed")]
    public static partial void StartFailed(ILogger logger, string error, string tag);

    [LoggerMessage(524, LogLevel.Information, "Rolling back deployment")]
    public static partial void RollingBack(ILogger logger, string tag);

    [LoggerMessage(525, LogLevel.Information, "Removing failed container")]
    public static partial void RemovingFailed(ILogger logger, string container);

    [LoggerMessage(526, LogLevel.Information, "Container deployment completed")]
    public static partial void ContainersReplaced(ILogger logger, int newContainers, int oldContainers, string tag);

    [LoggerMessage(527, LogLevel.Information, "Replicas replaced")]
    public static partial void ReplicasReplaced(ILogger logger, int newReplicas, int oldReplicas, string tag);

    [LoggerMessage(507, LogLevel.Information, "Keep images")]
    public static partial void KeepImages(ILogger logger, int count, int removed);

    [LoggerMessage(505, LogLevel.Information, "Removing old image")]
    public static partial void ImageRemoved(ILogger logger, string id, string tag);

    [LoggerMessage(511, LogLevel.Information, "Starting new container")]
    public static partial void StartingContainer(ILogger logger, string name, string image, string tag);

    [LoggerMessage(541, LogLevel.Information, "Starting replica")]
    public static partial void StartingProcess(ILogger logger, string name, string command, string tag);

    [LoggerMessage(512, LogLevel.Information, "Container port mapped")]
    public static partial void PortMapped(ILogger logger, int containerPort, int hostPort, string name);

    [LoggerMessage(513, LogLevel.Information, "Replica started")]
    public static partial void Started(ILogger logger, string name, string tag, string address);

    [LoggerMessage(514, LogLevel.Information, "Health check passed")]
    public static partial void Healthy(ILogger logger, string url, string status, int attempts, TimeSpan duration, string name);

    [LoggerMessage(515, LogLevel.Information, "Replica adopted")]
    public static partial void Adopted(ILogger logger, string name, string tag, string address);

    [LoggerMessage(516, LogLevel.Error, "Replica ended by itself")]
    public static partial void Exited(ILogger logger, string name, string tag, int? exitCode, int? signal, string? output);

    [LoggerMessage(517, LogLevel.Information, "Stopping old container")]
    public static partial void StoppingContainer(ILogger logger, string container, string tag);

    [LoggerMessage(542, LogLevel.Information, "Stopping replica")]
    public static partial void StoppingProcess(ILogger logger, string name, string tag);

    [LoggerMessage(518, LogLevel.Information, "Managed container stopped")]
    public static partial void ContainerStopped(ILogger logger, string container, string tag);

    [LoggerMessage(543, LogLevel.Information, "Managed container removed")]
    public static partial void ContainerRemoved(ILogger logger, string container, string tag);

    [LoggerMessage(544, LogLevel.Information, "Replica stopped")]
    public static partial void ProcessStopped(ILogger logger, string name, string tag);

    [LoggerMessage(519, LogLevel.Information, "Cleanup completed")]
    public static partial void ContainersCleaned(ILogger logger, int containersCleaned);

    [LoggerMessage(520, LogLevel.Information, "Replicas stopped")]
    public static partial void ReplicasCleaned(ILogger logger, int replicasStopped);

    [LoggerMessage(531, LogLevel.Information, "Proxy backend updated")]
    public static partial void BackendAdded(ILogger logger, string backend, string name, string tag);

    [LoggerMessage(532, LogLevel.Information, "Draining backend")]
    public static partial void BackendDraining(ILogger logger, string name, string tag, int inFlight);

    [LoggerMessage(533, LogLevel.Information, "Backend removed")]
    public static partial void BackendRemoved(ILogger logger, string name, string tag, TimeSpan duration);

    [LoggerMessage(534, LogLevel.Warning, "Backend removed; requests in flight were ended because the drain time was over")]
    public static partial void BackendRemovedByForce(ILogger logger, string name, string tag, int ended, TimeSpan duration);

    [LoggerMessage(535, LogLevel.Information, "Backend healthy again")]
    public static partial void BackendHealthy(ILogger logger, string name, string tag, string reason);

    [LoggerMessage(536, LogLevel.Warning, "Backend unhealthy")]
    public static partial void BackendUnhealthy(ILogger logger, string name, string tag, string reason);

    [LoggerMessage(546, LogLevel.Information, "Starting built-in reverse proxy")]
    public static partial void StartingProxy(ILogger logger, string port);

    [LoggerMessage(547, LogLevel.Information, "Stopping reverse proxy")]
    public static partial void StoppingProxy(ILogger logger);

    [LoggerMessage(548, LogLevel.Information, "Stopping managed container")]
    public static partial void StoppingManagedContainer(ILogger logger, string container, string tag);

    [LoggerMessage(549, LogLevel.Information, "Container added to load balancer")]
    public static partial void ContainerJoined(ILogger logger, int backendCount, string container);

    [LoggerMessage(537, LogLevel.Information, "Reverse proxy started successfully")]
    public static partial void ProxyStarted(ILogger logger, string externalPort);

    [LoggerMessage(538, LogLevel.Information, "Proxy stopped")]
    public static partial void ProxyStopped(ILogger logger, int ended);
}
